// Containers that are read, by FFmpeg's names. Left out are playlists (hls, dash, concat, sdp), file
// name patterns (image2) and devices: what they name would be opened too.

export const CONTAINERS =
  'mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,m4v,h264,hevc,obu,ivf,flv,asf,ogg,apng,bmp_pipe,yuv4mpegpipe,dv,mxf,nut,rm,wtv'
