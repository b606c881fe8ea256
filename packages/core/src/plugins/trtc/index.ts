export { type TrtcRoom, type TrtcRoomOptions, type TrtcViewer, trtcRoom } from './trtc-room'
