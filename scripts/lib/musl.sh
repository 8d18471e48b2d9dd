# The libraries that Griddle and its tests use, built for musl from Debian's sources. Sourced by the scripts, after
# packages.sh, which have changed to the repository's root.

musl_sources='libuv1 jansson pcre2 check'

# musl_libraries DIR: builds them there, once, and writes DIR/native.ini, which tells meson of them.
musl_libraries() {
    [ ! -f "$1/native.ini" ] || return 0
    mkdir -p "$1"
    root=$(cd "$1" && pwd)
    quietly musl_download && quietly musl_system && for source in $musl_sources; do
        quietly musl_build "$source" || return 1
    done && musl_native_file >"$root/native.ini"
}

# The sources as their authors published them, from where the machine's packages come from, with lists of our own.
musl_download() {
    mkdir -p "$root/apt/parts" "$root/apt/lists/partial" "$root/src"
    for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
        [ ! -f "$list" ] || sed -e 's/^deb /deb-src /' -e 's/^Types:.*/Types: deb-src/' "$list" >"$root/apt/parts/${list##*/}"
    done
    set -- -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$root/apt/parts" \
        -o "Dir::State::Lists=$root/apt/lists" -o APT::Sandbox::User=root -q
    # shellcheck disable=SC2086 # words
    apt-get "$@" update && (cd "$root/src" && apt-get "$@" source --tar-only $musl_sources &&
        for tar in *.orig.tar.*; do tar -xf "$tar" || exit 1; done)
}

# What musl-gcc lacks on Debian: the kernel's headers, and what its libgcc asks for. (It leaves out --eh-frame-hdr too.)
musl_system() {
    mkdir -p "$root/include" "$root/lib"
    ln -sfn /usr/include/linux "$root/include/linux"
    ln -sfn /usr/include/asm-generic "$root/include/asm-generic"
    ln -sfn "/usr/include/$(cc -print-multiarch)/asm" "$root/include/asm"
    musl-gcc -O2 -fPIC -fvisibility=hidden -D_GNU_SOURCE -c scripts/lib/musl_libgcc.c -o "$root/lib/libgcc.o"
}

# musl_build SOURCE: shared, so that what a test puts in place of malloc() is not theirs too.
musl_build() {
    folder=$(echo "$root/src/$1"-[0-9]*/)
    cmake -G Ninja -S "$folder" -B "$root/build/$1" -DCMAKE_C_COMPILER=musl-gcc -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS="-isystem $root/include -fPIC -w" -DCMAKE_INSTALL_PREFIX="$root" -DCMAKE_INSTALL_LIBDIR=lib \
        -DBUILD_SHARED_LIBS=ON -DBUILD_TESTING=OFF -DLIBUV_BUILD_TESTS=OFF -DJANSSON_BUILD_SHARED_LIBS=ON \
        -DJANSSON_BUILD_DOCS=OFF -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_EXAMPLES=OFF -DPCRE2_SUPPORT_JIT=ON \
        -DPCRE2_BUILD_PCRE2GREP=OFF -DPCRE2_BUILD_TESTS=OFF -DCHECK_ENABLE_SUBUNIT=OFF && ninja -C "$root/build/$1" install
}

musl_native_file() {
    cat <<END
[binaries]
c = 'musl-gcc'
cpp = 'false'
[properties]
pkg_config_libdir = '$root/lib/pkgconfig'
[built-in options]
c_args = ['-isystem', '$root/include']
c_link_args = ['-Wl,--eh-frame-hdr', '-L$root/lib', '-Wl,-rpath,$root/lib', '$root/lib/libgcc.o']
END
}
