#!/bin/sh
# A worker for Invoke-ProcessBatch -InputMode Line: one line in, one line out.
# The shell's own printf writes each line at once; a filter between would have to be told to (sed -u, grep --line-buffered).
while IFS= read -r line; do
    printf '%s has %s characters\n' "$line" "${#line}"
done
