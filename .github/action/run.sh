#!/usr/bin/env bash
# Runs rolecall over the repository that was checked out: for the log, for code scanning, and for the page of the job. The
# verdict is left to a later step, so that what was found is uploaded before the job fails.
#
# Takes from the environment: WORKING_DIRECTORY, PATHS and ARGS (one a line), FAIL_ON, UPLOAD_SARIF, and what a runner sets.
set -euo pipefail

cd "$GITHUB_WORKSPACE/$WORKING_DIRECTORY"

arguments=(check)
while IFS= read -r line; do
    if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"$PATHS"$'\n'"$ARGS"

status=0
if [ "$UPLOAD_SARIF" = true ]; then
    # The text quotes names and source lines, in which a runner would look for commands of its own.
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "::stop-commands::$token"
    rolecall "${arguments[@]}" --fail-on "$FAIL_ON" || status=$?
    echo "::$token::"
else
    # Without code scanning, annotations say it where it stands.
    rolecall "${arguments[@]}" --fail-on "$FAIL_ON" --format github || status=$?
fi
echo "status=$status" >>"$GITHUB_OUTPUT"
# Wrong usage, or a fault of rolecall: there is nothing to upload.
if [ "$status" = 2 ]; then exit 2; fi

if [ "$UPLOAD_SARIF" = true ]; then
    sarif=$RUNNER_TEMP/rolecall.sarif
    rolecall "${arguments[@]}" --fail-on never --format sarif --output "$sarif" 2>/dev/null || [ $? = 3 ]
    echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
rolecall "${arguments[@]}" --fail-on never --format markdown 2>/dev/null >>"$GITHUB_STEP_SUMMARY" || [ $? = 3 ]
