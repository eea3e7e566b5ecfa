#!/usr/bin/env python3
"""A worker for Invoke-ProcessBatch -InputMode Line: one line in, one line out.

What is slow to load is loaded once. Items come as JSON, so that they may hold anything, and so do the answers.
"""
import json
import sys
import time


def load_model():
    time.sleep(0.2)  # stands for a model that takes its time
    return lambda text: {"text": text, "words": len(text.split())}


def main():
    model = load_model()
    for line in sys.stdin:
        # Flushed at once: the caller waits for this line. What is not an answer goes to stderr.
        print(json.dumps(model(json.loads(line))), flush=True)


main()
