#!/bin/bash
# After warm-up nothing is allocated per line, exchange or session: three times as many sessions need no allocation more.
# How much memory that is, memory.sh says.
[ -z "$SANITIZED" ] || {
    echo 'ok - allocations # SKIP sanitizers allocate for themselves'
    exit 0
}
. "$TESTS/cases/tap.sh"

# sessions of both programs, both sides, all protocols, good and bad; each ends with a line end
once() {
    cat "$TESTS"/corpus/pegasus/TCP-1[48]*.{pop,smtp} "$TESTS"/corpus/pegasus/TCP-1[56]*.imap \
        "$TESTS"/corpus/mercury/{04,09,12,25,27,32,34}-*/TCP????.M? "$TESTS"/corpus/mercury/authored/TCP0011.MI
}

# allocations OPTION...: how many there were; the output goes where nothing is kept
allocations() {
    valgrind --undef-value-errors=no --leak-check=no "$TCPLOG" convert -q -o /dev/null "$@" 2>&1 |
        sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}

# the first of two is long enough for the output buffer to have grown as far as it ever does
once >"$dir/TCP0001.MC"
for _ in {1..6}; do once; done >"$dir/TCP0006.MC"
for _ in {1..3}; do cat "$dir/TCP0006.MC"; done >"$dir/TCP0018.MC"
same 'there is a count' "$([ "$(allocations "$dir/TCP0001.MC")" -gt 0 ] && echo yes)" yes
for options in '-k line' '-k exchange' '-k all -z -j1' '-k line -f csv' '-k exchange --timezone Europe/Amsterdam'; do
    # shellcheck disable=SC2086 # words
    same "three times the sessions, the same allocations: $options" \
        "$(allocations $options "$dir/TCP0018.MC")" "$(allocations $options "$dir/TCP0006.MC")"
done
pop=$TESTS/corpus/pegasus/TCP-140210-2137-0.pop
for _ in {1..200}; do cat "$pop"; done >"$dir/TCP0200.WPM"
for _ in {1..3}; do cat "$dir/TCP0200.WPM"; done >"$dir/TCP0600.WPM"
same 'three times the sessions, the same allocations: -k session' \
    "$(allocations -k session "$dir/TCP0600.WPM")" "$(allocations -k session "$dir/TCP0200.WPM")"

# pages go out in blocks to where nothing is kept
explained() {
    valgrind --undef-value-errors=no --leak-check=no "$TCPLOG" explain "$1" 2>&1 >/dev/null |
        sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}
same 'three times the sessions, the same allocations: explain' \
    "$(explained "$dir/TCP0018.MC")" "$(explained "$dir/TCP0006.MC")"

# all operands are seen before and after by the same walker: what it allocates for each is the same
files=()
for i in {0..9}; do
    cp "$dir/TCP0001.MC" "$dir/TCP002$i.MC"
    files+=("$dir/TCP002$i.MC")
done
one=$(allocations "${files[0]}") five=$(allocations "${files[@]:0:5}") ten=$(allocations "${files[@]}")
[ $((ten - five)) -le $(((five - one) * 5 / 4 + 1)) ]
same "files cost only the walk to each ($one, $five, $ten for 1, 5, 10)" $? 0
exit $failed
