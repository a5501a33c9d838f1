/* The worker is in the script that pages load after they have loaded. */
var LATER = 'ADDRESS';
importScripts(LATER);
