#!/bin/bash
# What make install puts where, and that a stranger's program finds it by pkg-config, compiles against the installed
# headers and runs with the installed library, shared and static.
. "$TESTS/cases/tap.sh"
root=$dir/root

# Built already, with flags that this make does not know: nothing may be made again under the running suite.
# make knows no blanks in names, but its own folder may have some: that is not to be named.
installs() {
    local built
    built=$(realpath --relative-to="$TESTS/.." "$BUILD")
    MAKEFLAGS='' MAKELEVEL='' make --no-print-directory -C "$TESTS/.." B="$built" -o "$built/tcplog" -o "$built/libtcplog.a" \
        -o "$built/libtcplog.so.0" "$@" >"$dir/err" 2>&1
}
if ! installs install DESTDIR="$root" PREFIX=/usr; then
    sed 's/^/# /' "$dir/err"
    echo 'not ok - make install'
    exit 1
fi
for path in bin/tcplog lib/libtcplog.a lib/libtcplog.so.0 lib/pkgconfig/tcplog.pc include/tcplog.h include/tcplog/record.h \
    include/tcplog/fields.def share/man/man1/tcplog.1 share/tcplog/schemas/tcplog.schema.json; do
    [ -f "$root/usr/$path" ]
    same "$path is installed" $? 0
done
same 'nothing outside PREFIX' "$(ls -A "$root")" usr
same 'the link for the linker' "$(readlink "$root/usr/lib/libtcplog.so")" libtcplog.so.0
same 'the static library shows what the shared one does' "$(nm -g --defined-only "$root/usr/lib/libtcplog.a" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort)" \
    "$(nm -D --defined-only "$root/usr/lib/libtcplog.so.0" | awk '{ print $3 }' | sort)"
same 'and nothing else' "$(nm -g --defined-only "$root/usr/lib/libtcplog.a" 2>/dev/null | awk 'NF == 3 && $3 !~ /^tcplog_/')" ''
same 'no placeholder is left' "$(grep -c '@' "$root/usr/lib/pkgconfig/tcplog.pc")" 0
same 'no path of the building machine' "$(grep -rIlF "$(cd "$TESTS/.." && pwd)" "$root" | head -3)" ''
same 'all schemas' "$(cd "$root/usr/share/tcplog/schemas" && ls)" "$(cd "$TESTS/../schemas" && ls | grep -v '\.def$')"

export PKG_CONFIG_PATH=$root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
same 'the version of pkg-config is the program'"'"'s' "tcplog $(pkg-config --modversion tcplog)" "$("$root/usr/bin/tcplog" --version)"

# A mask that keeps things from others is not for what all may use; libraries may lie elsewhere; what is put somewhere is taken away.
(umask 077 && installs install DESTDIR="$dir/a b" PREFIX=/opt/tcplog libdir=/opt/tcplog/lib/here)
same 'with a mask of 077' $? 0
same 'all may read it' "$(find "$dir/a b/opt" ! -perm -044)" ''
same 'libraries go where they are wanted' "$(cd "$dir/a b/opt/tcplog/lib" && find . ! -type d | sort | tr '\n' ' ')" \
    './here/libtcplog.a ./here/libtcplog.so ./here/libtcplog.so.0 ./here/pkgconfig/tcplog.pc '
same 'and are found there' "$(PKG_CONFIG_SYSROOT_DIR='' PKG_CONFIG_PATH="$dir/a b/opt/tcplog/lib/here/pkgconfig" pkg-config --variable=libdir tcplog)" /opt/tcplog/lib/here
: >"$dir/a b/opt/tcplog/share/tcplog/of-somebody-else"
installs uninstall DESTDIR="$dir/a b" PREFIX=/opt/tcplog libdir=/opt/tcplog/lib/here
same 'uninstall' $? 0
same 'leaves what is not ours' "$(cd "$dir/a b" && find . ! -type d)" ./opt/tcplog/share/tcplog/of-somebody-else
same 'and no folder of ours' "$(cd "$dir/a b" && find . -type d -path '*/tcplog/*' -name tcplog -empty)" ''
installs uninstall DESTDIR="$dir/nowhere"
same 'where nothing is, nothing is wrong' $? 0
installs install DESTDIR="$dir/c" PREFIX="/opt/two words"
same 'a PREFIX with a blank is refused' "$? $(ls "$dir/c" 2>/dev/null)" '2 '
holds 'with the reason' "$dir/err" 'must not have blanks'

cat >"$dir/stranger.c" <<'C'
#include <stdio.h>
#include <tcplog.h>

/* stranger LOG EXPORT: converts and validates, and prints what came of it */
int main(int argc, char **argv)
{
    const struct tcplog_options options = { .kinds = 1u << KIND_SESSION | 1u << KIND_LINE, .output = argv[argc - 1] };
    const struct tcplog_input input = { .path = argv[1], .named = true };
    struct tcplog *log;
    struct tcplog_summary summary;
    uint64_t records = 0;
    if (tcplog_open(&options, &log) != TCPLOG_OK || !tcplog_convert(log, &input) ||
        tcplog_close(log, true, &summary) != TCPLOG_OK ||
        tcplog_validate(options.output, NULL, NULL, &records) != TCPLOG_OK)
        return 1;
    printf("%s %d %d %s\n", TCPLOG_VERSION, (int)summary.lines, (int)records, tcplog_fields[FIELD_rtt_ms].name);
    return 0;
}
C
# Flags are words; the sanitizers of the library must be those of who links it.
# shellcheck disable=SC2046,SC2086
stranger() {
    ${CC:-cc} $SANITIZED -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags tcplog) -o "$dir/stranger" "$dir/stranger.c" "$@" \
        >"$dir/err" 2>&1 || { sed 's/^/# /' "$dir/err"; return 1; }
    "$dir/stranger" "$TESTS/corpus/pegasus/TCP-140210-2137-0.pop" "$dir/$RANDOM.jsonl" 2>&1
}
expected="$(pkg-config --modversion tcplog) 12 13 rtt_ms"
# shellcheck disable=SC2046
same 'a stranger with the shared library' "$(LD_LIBRARY_PATH=$root/usr/lib stranger $(pkg-config --libs tcplog))" "$expected"
same 'which is the one that it loads' "$(LD_LIBRARY_PATH=$root/usr/lib ldd "$dir/stranger" | grep -c "$root/usr/lib/libtcplog.so.0")" 1
# The libraries that ours needs are the system's: their paths know nothing of the root.
needs=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --static --libs-only-l tcplog | sed 's/-ltcplog//')
# shellcheck disable=SC2086
same 'a stranger with the static library' "$(stranger "$root/usr/lib/libtcplog.a" $needs)" "$expected"
same 'which loads no other' "$(ldd "$dir/stranger" | grep -c libtcplog)" 0

# The same in C++, where there is a compiler of it: words of C++ in a header, or functions that it calls by other names.
cat >"$dir/stranger.cc" <<'C'
#include <cstdio>
#include <tcplog.h>

int main(int argc, char **argv)
{
    tcplog_options options{};
    tcplog_input input{};
    tcplog *log;
    tcplog_summary summary;
    uint64_t records = 0;
    options.kinds = 1u << KIND_SESSION | 1u << KIND_LINE;
    options.output = argv[argc - 1];
    input.path = argv[1];
    input.named = true;
    if (tcplog_open(&options, &log) != TCPLOG_OK || !tcplog_convert(log, &input) ||
        tcplog_close(log, true, &summary) != TCPLOG_OK ||
        tcplog_validate(options.output, nullptr, nullptr, &records) != TCPLOG_OK ||
        !str_equal(str_of(tcplog_fields[FIELD_rtt_ms].name), STR("rtt_ms")))
        return 1;
    std::printf("%s %d %d rtt_ms\n", TCPLOG_VERSION, int(summary.lines), int(records));
}
C
# shellcheck disable=SC2046,SC2086
for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    if [ -z "$SANITIZED" ]; then
        $compiler -std=c++11 -Wall -Wextra -Wpedantic -Werror $(pkg-config --cflags tcplog) -o "$dir/stranger" "$dir/stranger.cc" \
            $(pkg-config --libs tcplog) >"$dir/err" 2>&1 || sed 's/^/# /' "$dir/err"
        same "a stranger by $compiler" "$(LD_LIBRARY_PATH=$root/usr/lib "$dir/stranger" \
            "$TESTS/corpus/pegasus/TCP-140210-2137-0.pop" "$dir/$compiler.jsonl" 2>&1)" "$expected"
    fi
    for header in tcplog.h $(cd "$root/usr/include" && ls tcplog/*.h); do
        echo "#include <$header>" | $compiler -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror $(pkg-config --cflags tcplog) \
            -fsyntax-only - 2>&1 | sed 's/^/# /'
        same "$header alone, by $compiler" "${PIPESTATUS[1]}" 0
    done
done
BUILD=$root/usr/lib "$TESTS/exports" | sed 's/ - / - installed: /'
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
exit $failed
