# The work of `tcplog convert -k line -f jsonl` as a script for mawk: one JSON record a line, same fields, sessions told
# apart, commands paired with replies, bodies recognised, secrets masked. Written for speed: the lines of bodies first,
# substr and not patterns, print's own list of arguments and not concatenation. It takes what the generator writes
# (Pegasus as client); it repairs no time stamps, takes no NUL, and session_id is a mere counter.
#
#   LC_ALL=C mawk -f line.awk FILE

BEGIN {
    OFS = ""
    offset = 0
    mask = "***"
    months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    utf8 = "^([\001-\177]|[\302-\337][\200-\277]|\340[\240-\277][\200-\277]|[\341-\354\356\357][\200-\277][\200-\277]" \
        "|\355[\200-\237][\200-\277]|\360[\220-\277][\200-\277][\200-\277]|[\361-\363][\200-\277][\200-\277][\200-\277]" \
        "|\364[\200-\217][\200-\277][\200-\277])"
    for (byte = 1; byte < 256; byte++)
        code[sprintf("%c", byte)] = byte
}

# the common line, of a body; most repeat the stamp of the one before
body != "" && substr($0, 15, 2) == body {
    text = substr($0, 18, length($0) - 18)
    if (text != "." && /\r$/) {
        if (substr($0, 1, 12) != stamped) {
            stamped = substr($0, 1, 12)
            timed = ",\"time\":\"" date stamped "\",\"time_logged\":\"" stamped middle
        }
        sequence++
        more = ""
        if (text ~ /[\\"\001-\037\200-\377]/)
            text = quote(text)
        print head, sequence, "\",\"sequence\":", sequence, timed, FNR, ",\"line_end\":", FNR, ",\"offset\":", offset, tail, text, "\"", more, "}"
        offset += length($0) + 1
        next
    }
}

{
    stamp = substr($0, 1, 12)
    arrow = substr($0, 15, 2)
    place = FNR ",\"line_end\":" FNR ",\"offset\":" offset ","
    offset += length($0) + 1
    eol = sub(/\r$/, "") ? "crlf" : "lf"
}

arrow == ">>" || arrow == "<<" {
    text = substr($0, 18)
    settle(substr(text, 1, 3) == "+OK" ? "pop3" : "smtp")
    secret = 0
    speaker = arrow == ">>" ? "server" : "client"
    if (body == arrow) {
        if (text == ".") {  # the end of a body; of what was fetched it is also the end of the reply
            body = ""
            if (arrow == ">>")
                answered++
        }
    } else if (arrow == ">>")
        reply(text)
    else
        command(text)
    emit(stamp, place, "\"class\":\"data\",\"arrow\":\"" arrow "\",\"from\":\"" speaker "\",\"eol\":\"" eol "\",\"exchange\":" exchange ",\"text\":\"", \
        text, secret ? ",\"redacted\":true" : "")
    if (body != "") {
        tail = ",\"class\":\"data\",\"arrow\":\"" body "\",\"from\":\"" (body == ">>" ? "server" : "client") \
            "\",\"eol\":\"crlf\",\"exchange\":" exchange ",\"text\":\""
        stamped = ""
    }
    next
}

{
    text = substr($0, 15)
    class = class_of(text)
    if (class == "opening")
        open(text)
    else if (class == "connect") {
        split(text, words, "'")
        server = words[2]
    }
    if (holding) {
        held_stamp[++held] = stamp
        held_place[held] = place
        held_class[held] = "\"class\":\"" class "\",\"eol\":\"" eol "\",\"text\":\""
        held_text[held] = text
    } else
        emit(stamp, place, "\"class\":\"" class "\",\"eol\":\"" eol "\",\"text\":\"", text, "")
}

END { settle("") }

function emit(stamp, place, tail, text, last) {
    more = ""
    sequence++
    if (text ~ /[\\"\001-\037\200-\377]/)
        text = quote(text)
    print head, sequence, "\",\"sequence\":", sequence, ",\"time\":\"", date, stamp, "\",\"time_logged\":\"", stamp, middle, place, tail, text, "\"", more, last, "}"
}

# A text that JSON escapes or that is not ASCII; what is no UTF-8 is read as Latin-1, and the bytes go into `more`.
function quote(text,    decoded, rest) {
    if (text ~ /[\200-\377]/) {
        decoded = ""
        for (rest = text; rest != ""; rest = substr(rest, RLENGTH + 1))
            if (match(rest, utf8))
                decoded = decoded substr(rest, 1, RLENGTH)
            else {
                decoded = decoded latin1(code[substr(rest, 1, 1)])
                RLENGTH = 1
            }
        if (decoded != text)
            more = ",\"text_base64\":\"" base64(text) "\""
        text = decoded
    }
    gsub(/[\\"]/, "\\\\&", text)
    gsub(/\t/, "\\t", text)
    gsub(/\r/, "\\r", text)
    return text ~ /[\001-\037]/ ? controls(text) : text
}

function latin1(byte) {
    return sprintf("%c%c", 192 + int(byte / 64), 128 + byte % 64)
}

function controls(text,    result, at, byte) {
    result = ""
    for (at = 1; at <= length(text); at++) {
        byte = substr(text, at, 1)
        result = result (code[byte] < 32 ? sprintf("\\u%04x", code[byte]) : byte)
    }
    return result
}

function base64(text,    result, at, three) {
    result = ""
    for (at = 1; at <= length(text); at += 3) {
        three = code[substr(text, at, 1)] * 65536 + code[substr(text, at + 1, 1)] * 256 + code[substr(text, at + 2, 1)]
        result = result substr(alphabet, int(three / 262144) + 1, 1) substr(alphabet, int(three / 4096) % 64 + 1, 1) \
            (at + 1 > length(text) ? "=" : substr(alphabet, int(three / 64) % 64 + 1, 1)) \
            (at + 2 > length(text) ? "=" : substr(alphabet, three % 64 + 1, 1))
    }
    return result
}

function open(text,    words) {
    settle("")
    split(text, words, " ")
    fresh = text ~ /,/
    if (fresh)  # --- 6 Aug 2014, 21:41:43.760 ---
        date = sprintf("%s-%02d-%02dT", substr(words[4], 1, 4), (index(months, words[3]) + 2) / 3, words[2])
    else  # --- Thu Apr 07 03:14:07 2011 ---
        date = sprintf("%s-%02d-%02dT", words[6], (index(months, words[3]) + 2) / 3, words[4])
    session = sprintf("%032x", ++sessions)
    server = body = protocol = ""
    holding = 1  # lines before the greeting: their records need the protocol
    held = sequence = asked = answered = challenged = 0
}

# The protocol is known, or will never be: renders what is the same for the whole session, and what was held.
function settle(found,    i) {
    if (!holding)
        return
    holding = 0
    protocol = found
    head = "{\"kind\":\"line\",\"schema\":\"1.0\",\"session_id\":\"" session "\",\"id\":\"" session "-l"
    middle = "\",\"time_zone_source\":\"unknown\",\"source_file\":\"" FILENAME "\",\"application\":\"Pegasus Mail\",\"dialect\":\"" \
        (fresh ? "pegasus-new" : "pegasus-old") "\",\"role\":\"client\",\"protocol\":\"" \
        (found == "" ? "unknown\"" : found "\",\"protocol_source\":\"greeting\"") \
        (server == "" ? "" : ",\"server\":\"" server "\"") ",\"line\":"
    for (i = 1; i <= held; i++)
        emit(held_stamp[i], held_place[i], held_class[i], held_text[i], "")
}

function begin(verb) {
    exchange = ++asked
    verbs[exchange] = verb
}

# A client's line outside a body; sets `secret` and masks `text`.
function command(said,    words, count, verb) {
    if (challenged) {
        challenged = 0
        exchange = answered + 1
        secret = 1
        text = mask
        return
    }
    count = split(said, words, " ")
    verb = toupper(words[1])
    begin(verb == "RETR" || verb == "TOP" || count == 1 && (verb == "LIST" || verb == "UIDL" || verb == "CAPA") ? "RETR" : verb)
    if (verb == "PASS") {
        secret = 1
        text = substr(said, 1, 5) mask
    } else if (verb == "APOP" || verb == "AUTH" && count > 2) {
        secret = 1
        text = substr(said, 1, 5) words[2] " " mask
    }
}

function reply(said) {
    if (answered == asked)
        begin("")  # the greeting, or a reply that answers nothing
    exchange = answered + 1
    if (protocol == "pop3") {
        if (substr(said, 1, 2) == "+ ")
            challenged = 1
        else if (verbs[exchange] == "RETR" && substr(said, 1, 3) == "+OK")
            body = ">>"
        else
            delete verbs[answered = exchange]
    } else if (substr(said, 4, 1) == "-")
        return
    else if (substr(said, 1, 1) != "3")
        delete verbs[answered = exchange]
    else if (verbs[exchange] == "DATA")
        body = "<<"
    else
        challenged = 1
}

function class_of(text) {
    if (substr(text, 1, 3) == "---")
        return substr(text, 1, 21) == "--- Connection closed" ? "closing" : "opening"
    if (substr(text, 1, 10) == "Connect to")
        return "connect"
    if (substr(text, 1, 3) == "[*]")
        return "tls"
    if (substr(text, 1, 3) == "[!]")
        return "warning"
    return text == "" ? "empty" : text ~ /^[0-9]+:/ ? "error" : "remark"
}
