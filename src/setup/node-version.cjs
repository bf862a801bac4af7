// Whether the running Node is new enough. In words of the language that the oldest Node in use understands, or it
// couldn't say so.
const OLDEST_NODE = [20, 19];

/** Throws an Error with a `cure` when the Node of this version is too old. */
function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return version;
  throw Object.assign(new Error(`Node ${version} is too old: Layerwise needs ${OLDEST_NODE.join('.')} or newer`), {
    cure: 'install Node 22 from https://nodejs.org/ or with your version manager (for example: nvm install 22)',
  });
}

module.exports = { checkNode };
