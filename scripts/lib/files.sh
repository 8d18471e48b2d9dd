# The repository's files. Sourced by the scripts, which have changed to the repository's root.

# files PATTERN...: those that git tracks or would track; without git, those that lie here.
files() {
    if git -c safe.directory='*' rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r file; do
            [ ! -f "$file" ] || echo "$file"
        done
        return
    fi
    for pattern; do
        case $pattern in
        */*) find . -path ./.git -prune -o -path './build*' -prune -o -type f -path "./$pattern" -print ;;
        *) find . -path ./.git -prune -o -path './build*' -prune -o -type f -name "$pattern" -print ;;
        esac
    done | sed 's,^\./,,' | sort -u
}
