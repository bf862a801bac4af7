// The plain kernel takes changes of packages that it watches for its own ("Unexpected pending rebuildTimer"), be they only
// in the count of their links, as when a test beside it copies the project. For this kernel all stays as it was.
const { EventEmitter } = require('node:events');
const fs = require('node:fs');

fs.watch = () => Object.assign(new EventEmitter(), { close() {} });
fs.watchFile = () => {};
