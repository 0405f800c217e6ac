# What test scripts in shell share: a folder that is gone when the test is, TAP lines, and running the program so that
# exit code and messages can be looked at. It is sourced, never run.
set -u
dir=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$dir" 2>/dev/null; rm -rf "$dir"' EXIT
chmod 755 "$dir"
failed=0

# same WHAT FOUND EXPECTED
same() {
    if [ "$2" = "$3" ]; then
        echo "ok - $1"
    else
        failed=1
        echo "not ok - $1"
        printf 'expected: %s\nfound: %s\n' "$3" "$2" | sed 's/^/# /'
    fi
}

# holds WHAT FILE PATTERN
holds() {
    if grep -qE -- "$3" "$2"; then
        echo "ok - $1"
    else
        failed=1
        echo "not ok - $1"
        { echo "no match of $3 in:" && cat "$2"; } | sed 's/^/# /'
    fi
}

# runs COMMAND...: standard output in $dir/out, messages in $dir/err, the exit code printed
runs() {
    "$@" >"$dir/out" 2>"$dir/err" </dev/null
    echo $?
}
