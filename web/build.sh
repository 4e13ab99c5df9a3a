#!/bin/sh
# Run by Maven: `build.sh build` puts the page into target/classes/webroot, `build.sh test` runs its
# unit tests. Each does nothing when none of its inputs has changed since it last succeeded.
set -eu
cd "$(dirname "$0")"
step=$1

if ! command -v npm >/dev/null 2>&1; then
  echo 'The page is built with npm, which is not installed. Install Node.js 18 or newer with npm,' >&2
  echo 'for example: apt-get install nodejs npm' >&2
  exit 1
fi

inputs='package.json package-lock.json tsconfig.json vite.config.ts index.html public src test build.sh'
# shellcheck disable=SC2086
state=$(find $inputs -type f | LC_ALL=C sort | xargs cksum | cksum)
stamp=target/$step.stamp
if [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
  if [ "$step" != build ] || [ -f target/classes/webroot/index.html ]; then exit 0; fi
fi

lock=$(cksum <package-lock.json)
if [ "$(cat node_modules/.lock-stamp 2>/dev/null)" != "$lock" ]; then
  npm ci --no-audit --no-fund --loglevel=error
  echo "$lock" >node_modules/.lock-stamp
fi

npm run --silent "$step"
mkdir -p target
echo "$state" >"$stamp"
