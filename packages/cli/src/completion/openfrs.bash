# Completion of openfrs for bash, and for zsh by way of its bashcompinit. The cases are filled in from the program.
[ -z "${ZSH_VERSION:-}" ] || { autoload -U +X bashcompinit && bashcompinit; }
_openfrs() {
  local words="" path="" word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="${path:+$path }$word" ;; esac
  done
  # Arguments of a command are dropped until what is left is a command, a group or nothing.
  while :; do
    case "$path" in
#CASES#
    esac
    [ -n "$words" ] || [ -z "$path" ] && break
    case "$path" in *" "*) path="${path% *}" ;; *) path="" ;; esac
  done
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _openfrs openfrs
