export type { IvhModuleOptions } from './ivh.interfaces'
export { IvhModule } from './ivh.module'
export { IVH_MODULE_OPTIONS } from './ivh.module-definition'
export { IvhService } from './ivh.service'
