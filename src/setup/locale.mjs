// Some Python programs (alembic, behind nbgrader) read their files in the terminal's encoding, even in Python's UTF-8
// mode, and in the C locale that can't hold every path.

/** What to add to the environment so that programs take text for UTF-8; nothing where they do. */
export function utf8Locale(env = process.env, platform = process.platform) {
  const name = env.LC_ALL || env.LC_CTYPE || env.LANG || 'C';
  if (/utf-?8/i.test(name)) return {};
  const utf8 = platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  return env.LC_ALL ? { LC_ALL: utf8 } : { LC_CTYPE: utf8 };
}
