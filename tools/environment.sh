# shellcheck shell=sh
# Sourced by ./matwise and ./test, with $root set: finds the Python environment, and has it made when it is missing,
# unfinished or older than the locked dependencies. Sets $place (its folder), $python and $bin.

# environment GROUP   GROUP: runtime, or dev for what the tests need too.
environment() {
    group=$1
    # Bytecode is what makes a start quick; the caller's own Python paths must not reach into ours.
    unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH
    # The folder counts too: the environment points to it, so a moved checkout needs setting up again.
    wanted="$(cat "$root/uv.lock" "$root/pyproject.toml" | cksum) $root"

    place=$root
    if ! is_ready; then
        own_place
        is_ready || set_up
    fi
    python=$place/.venv/bin/python
    bin=$place/.venv/bin
}

is_ready() {
    stamp=$place/.venv/.ready-$group
    [ -x "$place/.venv/bin/python" ] && [ -r "$stamp" ] && IFS= read -r kept <"$stamp" && [ "$kept" = "$wanted" ]
}

# The checkout itself where we may write there, else a folder of the user's, else a temporary one.
own_place() {
    if [ -w "$root" ] && { [ ! -e "$root/.venv" ] || [ -w "$root/.venv" ]; }; then
        return
    fi
    name=$(printf '%s' "$root" | cksum)
    name=${name%% *}
    place=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/matwise/$name
    if mkdir -p -- "$place" 2>/dev/null && [ -w "$place" ]; then
        return
    fi
    user=$(id -u)
    place=${TMPDIR:-/tmp}/matwise-$user-$name
    (umask 077 && mkdir -- "$place" 2>/dev/null) || true
    # Anybody may write in the temporary folder: take only a folder that is ours alone, and no link.
    if [ -z "$(find "$place" -prune -type d -user "$user" -perm 700 2>/dev/null)" ]; then
        place=$(mktemp -d "${TMPDIR:-/tmp}/matwise.XXXXXX")
    fi
}

set_up() {
    find_python || {
        cat >&2 <<'END'
Matwise needs Python 3.11 or newer, and none was found on this machine. To get it:
  Debian, Ubuntu   sudo apt install python3       (Debian 12 or newer, Ubuntu 24.04 or newer)
  Fedora           sudo dnf install python3
  macOS            brew install python@3.13, or the installer from python.org
  with uv          uv python install 3.13
Then start again. A Python in an unusual place: MATWISE_PYTHON=/path/to/python3 ./matwise
END
        exit 1
    }
    PYTHONPATH=$root "$found" -P -m tools.set_up --root "$root" --place "$place" --group "$group" --key "$wanted" || exit $?
}

# A name on PATH is not enough: a pyenv shim answers for versions that are not there.
is_good_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != "cpython")' >/dev/null 2>&1
}

find_python() {
    if [ -n "${MATWISE_PYTHON:-}" ]; then
        found=$MATWISE_PYTHON
        is_good_python "$found" && return
        printf 'MATWISE_PYTHON=%s is no Python 3.11 or newer.\n' "$found" >&2
        return 1
    fi
    for found in "$place/.venv/bin/python" python3 python3.13 python3.12 python3.14 python3.11 python \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[1-9]*/bin/python3 \
        /usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3 \
        /usr/bin/python3.1[1-9] /usr/local/bin/python3.1[1-9]; do
        is_good_python "$found" && return
    done
    found=$(uv python find --no-project '>=3.11' 2>/dev/null) && is_good_python "$found"
}
