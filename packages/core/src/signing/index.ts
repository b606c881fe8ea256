export { createQuerySigner, sign, signedQuery, stringToSign } from './sign-query'
