/* The work of `tcplog convert -k line -f jsonl` as a script for node: one JSON record a line, same fields, sessions
 * told apart, commands paired with replies, bodies recognised, secrets masked. Written for speed: blocks read as
 * Latin-1 (one byte a character, in and out), no JSON.stringify but where a line needs it. It takes what the generator
 * writes (Pegasus as client); it repairs no time stamps, and session_id is a mere counter.
 *
 *   node line.js FILE */
"use strict";
const fs = require("fs");

const MASK = "***", BLOCK = 1 << 18;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const SPECIAL = /[\\"\x00-\x1f\x80-\xff]/;
const UTF8 = new RegExp("^(?:[\\x01-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|" +
    "[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|" +
    "[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2})*");
const path = process.argv[2], file = JSON.stringify(path);

const out = Buffer.allocUnsafe(BLOCK);
let filled = 0, number = 0, offset = 0, sessions = 0;
let head = "", middle = "", date = "", body = "", bodyTail = "", bodyEol = "-", stamped = "-", timed = "";
let id, fresh, server, protocol, held = null, sequence, asked, answered, verbs, challenged, exchange = 0;

/* Record by record into one buffer: a long string put together from all of them costs twice the time. */
function write(record) {
    if (filled + record.length > BLOCK)
        flush();
    if (record.length > BLOCK)
        fs.writeSync(1, record, null, "latin1");
    else
        filled += out.latin1Write(record, filled);
}

function flush() {
    for (let done = 0; done < filled;)
        done += fs.writeSync(1, out, done, filled - done);
    filled = 0;
}

/* A string put together is a tree until somebody looks into it; what is written many times is better flat. */
function flat(text) {
    text.charCodeAt(0);
    return text;
}

/* A text that JSON escapes or that is not ASCII, with its quotes; what is no UTF-8 is read as Latin-1. */
function quote(text) {
    let decoded = "", rest = text;
    for (;;) {
        const valid = UTF8.exec(rest)[0];
        decoded += valid;
        if (valid.length === rest.length)
            break;
        decoded += Buffer.from(rest[valid.length], "utf8").toString("latin1");
        rest = rest.slice(valid.length + 1);
    }
    const quoted = JSON.stringify(decoded); /* escapes nothing above 0x7f: the bytes stay */
    return decoded === text ? quoted : quoted + ',"text_base64":"' + Buffer.from(text, "latin1").toString("base64") + '"';
}

function emit(stamp, place, tail, text, more) {
    sequence++;
    write(head + sequence + '","sequence":' + sequence + ',"time":"' + date + stamp + '","time_logged":"' + stamp + middle +
        place + tail + (SPECIAL.test(text) ? quote(text) : '"' + text + '"') + more);
}

function open(text) {
    const words = text.split(" ");
    const month = (name) => String(MONTHS.indexOf(name) / 3 + 1).padStart(2, "0");
    settle("");
    fresh = text.includes(",");
    if (fresh) /* --- 6 Aug 2014, 21:41:43.760 --- */
        date = words[3].slice(0, 4) + "-" + month(words[2]) + "-" + words[1].padStart(2, "0") + "T";
    else /* --- Thu Apr 07 03:14:07 2011 --- */
        date = words[5] + "-" + month(words[2]) + "-" + words[3].padStart(2, "0") + "T";
    id = (++sessions).toString(16).padStart(32, "0");
    server = body = protocol = "";
    held = []; /* lines before the greeting: their records need the protocol */
    sequence = asked = answered = 0;
    verbs = [];
    challenged = false;
}

/* The protocol is known, or will never be: renders what is the same for the whole session, and what was held. */
function settle(found) {
    if (!held)
        return;
    const lines = held;
    held = null;
    protocol = found;
    head = flat('{"kind":"line","schema":"1.0","session_id":"' + id + '","id":"' + id + "-l");
    middle = flat('","time_zone_source":"unknown","source_file":' + file + ',"application":"Pegasus Mail","dialect":"' +
        (fresh ? "pegasus-new" : "pegasus-old") + '","role":"client","protocol":"' +
        (found ? found + '","protocol_source":"greeting"' : 'unknown"') +
        (server ? ',"server":' + JSON.stringify(server) : "") + ',"line":');
    for (const line of lines)
        emit(line.stamp, line.place, line.tail, line.text, "}\n");
}

function begin(verb) {
    exchange = ++asked;
    verbs[exchange] = verb;
}

/* A client's line outside a body; returns the text to show if it is secret. */
function command(text) {
    if (challenged) {
        challenged = false;
        exchange = answered + 1;
        return MASK;
    }
    const space = text.indexOf(" ");
    const verb = (space < 0 ? text : text.slice(0, space)).toUpperCase(), argument = space < 0 ? "" : text.slice(space + 1);
    const listing = verb === "LIST" || verb === "UIDL" || verb === "CAPA";
    begin(verb === "RETR" || verb === "TOP" || (listing && !argument) ? "RETR" : verb);
    if (verb === "PASS")
        return text.slice(0, 5) + MASK;
    if (verb === "APOP" || (verb === "AUTH" && argument.includes(" ")))
        return text.slice(0, 5) + argument.split(" ")[0] + " " + MASK;
    return null;
}

function reply(text) {
    if (answered === asked)
        begin(""); /* the greeting, or a reply that answers nothing */
    exchange = answered + 1;
    if (protocol === "pop3") {
        if (text.startsWith("+ "))
            challenged = true;
        else if (verbs[exchange] === "RETR" && text.startsWith("+OK"))
            body = ">>";
        else
            answered = exchange;
    } else if (text[0] === "3" && text[3] !== "-") {
        if (verbs[exchange] === "DATA")
            body = "<<";
        else
            challenged = true;
    } else if (text[3] !== "-") {
        answered = exchange;
    }
}

function classOf(text) {
    if (text.startsWith("---"))
        return text.startsWith("--- Connection closed") ? "closing" : "opening";
    if (text.startsWith("Connect to"))
        return "connect";
    if (text.startsWith("[*]"))
        return "tls";
    if (text.startsWith("[!]"))
        return "warning";
    return text === "" ? "empty" : /^[0-9]+:/.test(text) ? "error" : "remark";
}

function data(line, stamp, arrow, place, eol) {
    const text = line.slice(17), speaker = arrow === ">>" ? "server" : "client";
    let secret = null;
    settle(text.startsWith("+OK") ? "pop3" : "smtp");
    if (body === arrow) { /* the end of a body; of what was fetched it is also the end of the reply */
        body = "";
        if (arrow === ">>")
            answered++;
    } else if (arrow === ">>") {
        reply(text);
    } else {
        secret = command(text);
    }
    emit(stamp, place, '"class":"data","arrow":"' + arrow + '","from":"' + speaker + '","eol":"' + eol + '","exchange":' +
        exchange + ',"text":', secret === null ? text : secret, secret === null ? "}\n" : ',"redacted":true}\n');
    stamped = bodyEol = "-"; /* a body that begins here has everything to render */
}

function other(line, stamp, place, eol) {
    const text = line.slice(14), name = classOf(text), tail = '"class":"' + name + '","eol":"' + eol + '","text":';
    if (name === "opening")
        open(text);
    else if (name === "connect")
        server = text.split("'")[1];
    if (held)
        held.push({stamp, place, tail, text});
    else
        emit(stamp, place, tail, text, "}\n");
}

/* The common line, of a body: most repeat the stamp of the one before, so what stands before the text is kept. */
function bodyLine(text, line, eol, size) {
    const position = "" + number, order = "" + ++sequence;
    if (!line.startsWith(stamped)) {
        stamped = line.slice(0, 12);
        timed = flat(',"time":"' + date + stamped + '","time_logged":"' + stamped + middle);
    }
    if (eol !== bodyEol) {
        bodyEol = eol;
        bodyTail = flat(',"class":"data","arrow":"' + body + '","from":"' + (body === ">>" ? "server" : "client") + '","eol":"' +
            eol + '","exchange":' + exchange + ',"text":');
    }
    write(head + order + '","sequence":' + order + timed + position + ',"line_end":' + position + ',"offset":' + offset +
        bodyTail + (SPECIAL.test(text) ? quote(text) + "}\n" : '"' + text + '"}\n'));
    offset += size;
}

function convert(line, ended) {
    const size = line.length + ended, crlf = line.endsWith("\r"), eol = crlf ? "crlf" : ended ? "lf" : "none";
    number++;
    if (body !== "" && line.startsWith(body, 14)) {
        const text = crlf ? line.slice(17, -1) : line.slice(17);
        if (text !== ".") {
            bodyLine(text, line, eol, size);
            return;
        }
    }
    const stamp = line.slice(0, 12), arrow = line.slice(14, 16);
    const place = number + ',"line_end":' + number + ',"offset":' + offset + ",";
    offset += size;
    if (crlf)
        line = line.slice(0, -1);
    if (arrow === ">>" || arrow === "<<")
        data(line, stamp, arrow, place, eol);
    else
        other(line, stamp, place, eol);
}

const input = fs.openSync(path), block = Buffer.allocUnsafe(BLOCK);
let rest = "", length;
while ((length = fs.readSync(input, block, 0, BLOCK)) > 0) {
    const lines = (rest + block.latin1Slice(0, length)).split("\n");
    rest = lines.pop();
    for (const line of lines)
        convert(line, 1);
}
if (rest)
    convert(rest, 0);
settle("");
flush();
