# Building with meson and ninja. Sourced by the scripts, which have changed to the repository's root.

. scripts/lib/packages.sh

# build_dir NAME: build-NAME, or build-NAME-clang where CC says clang, so that builds do not undo each other.
build_dir() {
    cc_name=$(basename "${CC:-cc}" | tr -c 'A-Za-z0-9\n' -)
    case $cc_name in
    cc | gcc) echo "build-$1" ;;
    *) echo "build-$1-$cc_name" ;;
    esac
}

# configure DIR OPTION...: sets DIR up; again from scratch when the options, CC or CFLAGS are not those of last time.
configure() {
    dir=$1
    shift
    wanted_setup="CC=${CC-} CFLAGS=${CFLAGS-} LDFLAGS=${LDFLAGS-} $*"
    if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/setup-options" 2>/dev/null)" = "$wanted_setup" ]; then
        return 0
    fi
    rm -rf "$dir"
    quietly meson setup "$dir" "$@" && printf '%s\n' "$wanted_setup" >"$dir/setup-options"
}

# compile DIR TARGET...: all targets where none is named. Quiet, but for warnings and errors, on stderr.
compile() {
    dir=$1
    shift
    if build_output=$(ninja -C "$dir" "$@" 2>&1); then
        case $build_output in *' warning: '*) printf '%s\n' "$build_output" >&2 ;; esac
        return 0
    fi
    printf '%s\n' "$build_output" >&2
    return 1
}

# configure_strict COMPILER: sets build-COMPILER up for everything, with warnings as errors. gcc's is for a shared library,
# clang's for a static one; the tests have both.
configure_strict() {
    kind=static
    [ "$1" != gcc ] || kind=shared
    CC=$1 configure "build-$1" --werror -Ddefault_library=$kind -Dbench=true -Ddocs_ui=enabled
}

# usage: the comment at the head of the script that runs.
usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "scripts/${0##*/}"
}
