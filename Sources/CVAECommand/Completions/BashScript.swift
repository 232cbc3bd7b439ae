import ArgumentParser

/// The completion script for bash: ArgumentParser's, with what bash needs in addition.
enum BashScript {
  /// The whole script, if the command line requests it.
  static func requested(by arguments: [String]) -> String? {
    let option = "--generate-completion-script"
    guard arguments == [option, "bash"] || arguments == ["\(option)=bash"] else { return nil }
    return CVAETool.completionScript(for: .bash) + "\n" + addition
  }

  /// Bash cuts words at `=` and `:`, so that `--given label=T` comes as three; they are put together
  /// again. Candidates are taken as they stand: `compgen -W` would expand them, and so run whatever a
  /// model's author has hidden in the name of a level.
  private static let addition = #"""
    __cvae_add_completions() {
        local candidate
        if [[ "${1}" = -W ]]; then
            while IFS='' read -r candidate; do
                [[ -n "${candidate}" && "${candidate}" = "${cur}"* ]] && COMPREPLY+=("${candidate}")
            done <<<"${2}"
        else
            while IFS='' read -r candidate; do
                COMPREPLY+=("${candidate}")
            done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
        fi
    }

    _cvae_whole_words() {
        local -a words=()
        local -i index current=0
        local rest="${COMP_LINE}" piece before=''
        for index in "${!COMP_WORDS[@]}"; do
            piece="${COMP_WORDS[index]}"
            if [[ "${index}" -eq 0 || "${rest}" = [[:space:]]* ]]; then
                words+=('')
                rest="${rest#"${rest%%[![:space:]]*}"}"
            fi
            rest="${rest#"${piece}"}"
            if [[ "${index}" -eq "${COMP_CWORD}" ]]; then
                current="${#words[@]}-1"
                before="${words[current]}"
                # Right behind a sign, the sign is the word, but nothing of it will be replaced.
                [[ -z "${2}" ]] && before+="${piece}"
            fi
            words[${#words[@]}-1]+="${piece}"
        done

        # Without the backslashes that stand before blanks and the like, as the candidates are.
        local word="${before}${2}" known
        IFS='' read -r -d '' known < <(printf '%s' "${before}" | sed 's/\\\(.\)/\1/g') || true
        IFS='' read -r -d '' word < <(printf '%s' "${word}" | sed 's/\\\(.\)/\1/g') || true

        local -a COMP_WORDS=("${words[@]}")
        local -i COMP_CWORD="${current}"
        COMPREPLY=()
        _cvae "${1}" "${word}" "${words[current - 1]}"

        for index in "${!COMPREPLY[@]}"; do
            COMPREPLY[index]="${COMPREPLY[index]#"${known}"}"
        done
        # A name is not done with its sign: no blank behind it, and no backslash before it.
        if [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" = *= ]]; then
            compopt +o filenames -o nospace
            [[ "${words[current]}" = [\'\"]* ]] || printf -v 'COMPREPLY[0]' '%q=' "${COMPREPLY[0]%=}"
        fi
    }
    complete -o filenames -F _cvae_whole_words cvae
    """#
}
