# The Debian packages that each purpose needs, and how they get here. Sourced by the scripts.

packages_run='build-essential meson ninja-build pkg-config libuv1-dev libjansson-dev libpcre2-dev libsqlite3-dev node-llhttp'
packages_docs_ui='nodejs npm zlib1g-dev' # of the pages /docs and /redoc
packages_browser='chromium nodejs npm'   # of the tests of those
packages_fetch='libcurl4-openssl-dev' # the optional HTTP client
packages_security='libjose-dev libsodium-dev libssl-dev' # the optional library of keys, tokens and passwords
packages_test='check clang curl locales openssl qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross'
packages_openapi='nodejs npm' # of the public tools that read OpenAPI documents; npm brings them by their lock file
packages_lint='clang clang-format clang-tools cppcheck g++'
packages_full='slowhttptest' # of the tests that take longer
packages_clang='clang libclang-rt-14-dev' # with its sanitizers

packages_musl='musl-tools cmake' # what brings and builds the sources of what Griddle uses

# need PURPOSE...: installs what those purposes lack. Silent, and quick, where nothing is missing.
need() {
    command -v dpkg-query >/dev/null || return 0 # not Debian: meson and the compiler say what they lack
    wanted=
    for purpose; do
        eval "wanted=\"\$wanted \$packages_$purpose\""
    done
    # shellcheck disable=SC2086 # a list of words
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}/${Package}/ ' $wanted 2>/dev/null) || :
    missing=
    for package in $wanted; do
        case $installed$missing\  in
        *\ "$package"\ *) ;; # named by two purposes
        *i\ /"$package"/*) ;;
        *) is_there "$package" || missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    echo "installing:$missing" >&2
    # shellcheck disable=SC2086 # a list of words
    as_root apt-get -q update && as_root apt-get -qy install --no-install-recommends $missing && return 0
    echo "${0##*/}: could not install:$missing" >&2
    return 1
}

# is_there PACKAGE: whether another package, or none, brings what it is needed for.
is_there() {
    case $1 in
    node-llhttp) pkg-config --exists libllhttp 2>/dev/null ;;
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    *) false ;;
    esac
}

# Runs a command of the package manager as root; its output shows only if it fails.
as_root() {
    set -- env DEBIAN_FRONTEND=noninteractive "$@" -o DPkg::Lock::Timeout=120
    [ "$(id -u)" = 0 ] || set -- sudo "$@"
    quietly "$@" </dev/null
}

# quietly COMMAND...: its output goes to stderr, and only if it fails.
quietly() {
    quiet_output=$("$@" 2>&1) && return 0
    quiet_status=$?
    printf '%s\n' "$quiet_output" >&2
    return $quiet_status
}
