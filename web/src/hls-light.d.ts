/** The player without subtitles, encryption and other things that the live playlist never has. */
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
