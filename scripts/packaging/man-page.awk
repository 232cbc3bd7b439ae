# Makes a manual page of a command's own help, which is written with so wide a COLUMNS that nothing is folded.
#
#   COLUMNS=10000 cvae help generate | awk -v name=cvae-generate -v date=2026-01-31 -v version=0.2.0 \
#     -v others="cvae cvae-train" -f man-page.awk
#
# Lines that are indented by two blanks in a discussion are examples: they keep their form.

# Text as troff reads it: no character has a meaning of its own.
function plain(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/'/, "\\(aq", text)
  gsub(/`/, "\\(ga", text)
  gsub(/\^/, "\\(ha", text)
  gsub(/~/, "\\(ti", text)
  gsub(/…/, "...", text)
  if (text ~ /^\./) text = "\\&" text
  return text
}

# The same in lines of at most 78 characters.
function folded(text,   words, count, i, line, lines) {
  count = split(text, words, " ")
  for (i = 1; i <= count; i++) {
    if (line != "" && length(line) + length(words[i]) > 77) {
      lines = lines plain(line) "\n"
      line = ""
    }
    line = line (line == "" ? "" : " ") words[i]
  }
  return lines plain(line)
}

# <placeholders> in italics, without their brackets; the rest in bold where it is a word of the command line.
function syntax(text) {
  text = " " plain(text)
  gsub(/ \\-\\-[a-z\\-]+/, "\\fB&\\fR", text)
  gsub(/ \\-[a-z],/, "\\fB&\\fR", text)
  gsub(/\/\\-\\-[a-z\\-]+/, "\\fB&\\fR", text)
  gsub(/</, "\\fI", text)
  gsub(/>/, "\\fR", text)
  gsub(/\\fB /, " \\fB", text)
  return text
}

function trimmed(text) { sub(/^ +/, "", text); sub(/ +$/, "", text); return text }

function say(line) { body[section] = body[section] line "\n" }

function closeExample() {
  if (isExample) say(".fi\n.RE")
  isExample = 0
}

# A long example goes on in lines of their own, as a shell takes them.
function example(line,   at, cut) {
  line = substr(line, 3)
  while (length(line) > 68) {
    cut = 0
    for (at = 20; at <= 66; at++) if (substr(line, at, 3) == " --") cut = at
    if (!cut) for (at = 20; at <= 66; at++) if (substr(line, at, 1) == " ") cut = at
    if (!cut) break
    say(plain(substr(line, 1, cut) "\\"))
    line = "    " substr(line, cut + 1)
  }
  say(plain(line))
}

function discuss(line) {
  if (line ~ /^Examples?:$/) {
    closeExample()
    section = "EXAMPLES"
    return
  }
  if (line ~ /^  /) {
    if (!isExample && body[section] != "") say(".PP")
    if (!isExample) say(".RS 4\n.nf")
    isExample = 1
    example(line)
    return
  }
  if (isExample || line == "") needsParagraph = 1
  closeExample()
  if (line == "") return
  if (needsParagraph && body[section] != "") say(".PP")
  needsParagraph = 0
  say(folded(line))
}

function list(line,   term) {
  if (match(line, /^  (<[^>]+>|(-[a-z], )?--[a-z-]+(\/--[a-z-]+)?( <[^>]+>)?)( \.\.\.)?/)) {
    term = syntax(trimmed(substr(line, 1, RLENGTH)))
    say(".TP\n" trimmed(term))
    line = substr(line, RLENGTH + 1)
  } else if (section == "SUBCOMMANDS" && match(line, /^  [a-z]+ /)) {
    say(".TP\n.BR cvae\\-" trimmed(substr(line, 1, RLENGTH)) " (1)")
    line = substr(line, RLENGTH + 1)
  } else if (section == "SUBCOMMANDS") {
    return
  }
  line = trimmed(line)
  if (line != "") say(folded(line))
}

BEGIN { section = "DESCRIPTION"; part = "discussion" }

/^OVERVIEW: / && !summary {
  summary = substr($0, 11)
  sub(/\.$/, "", summary)
  next
}
/^USAGE: / {
  closeExample()
  part = "lists"
  section = "SYNOPSIS"
  usage = substr($0, 8)
  command = usage
  sub(/ [[<-].*/, "", command)
  say("\\fB" plain(command) "\\fR" syntax(substr(usage, length(command) + 2)))
  next
}
part == "lists" && /^[A-Z][A-Z ]+:$/ {
  section = substr($0, 1, length($0) - 1)
  order[++lists] = section
  next
}
part == "lists" { if ($0 != "") list($0); next }
{ discuss($0) }

END {
  printf ".TH %s 1 %s \"swift\\-cvae %s\" \"User Commands\"\n", toupper(plain(name)), date, version
  printf ".SH NAME\n%s \\- %s\n", plain(name), plain(summary)
  printf ".SH SYNOPSIS\n%s", body["SYNOPSIS"]
  if (body["DESCRIPTION"] != "") printf ".SH DESCRIPTION\n%s", body["DESCRIPTION"]
  for (i = 1; i <= lists; i++) printf ".SH %s\n%s", order[i], body[order[i]]
  if (body["EXAMPLES"] != "") printf ".SH EXAMPLES\n%s", body["EXAMPLES"]
  printf ".SH EXIT STATUS\n0 for success, 64 for what the command line alone shows to be wrong,\n"
  printf "1 for any other failure.\n"
  count = split(others, names, " ")
  printf ".SH SEE ALSO\n"
  for (i = 1; i <= count; i++) {
    printf ".BR %s (1)%s\n", plain(names[i]), i < count ? "," : ""
  }
}
