#!/usr/bin/env python3
"""A model server for Invoke-ProcessBatch -InputMode Line: it learns once when it starts, and then answers a line with a line.

The model is naive Bayes over words, with Laplace smoothing: small, and a real one. Another takes its place in train() and label().
"""
import json
import math
import sys
from collections import Counter

EXAMPLES = {
    "billing": ["refund my last invoice", "charged twice on my card", "where is the receipt for my payment", "change the billing address"],
    "technical": ["the app crashes on start", "error when I upload a file", "cannot log in since the update", "the page is slow and times out"],
    "sales": ["what does the large plan cost", "do you offer a discount for schools", "can I see a demo", "I want to upgrade our plan"],
}


def train(examples):
    counts = {label: Counter(word for text in texts for word in text.lower().split()) for label, texts in examples.items()}
    words = len(set().union(*counts.values()))
    return {label: (count, sum(count.values()) + words) for label, count in counts.items()}


def label(model, text):
    scores = {
        name: sum(math.log((count[word] + 1) / total) for word in text.lower().split())
        for name, (count, total) in model.items()
    }
    best = max(scores, key=scores.get)
    whole = sum(math.exp(score - scores[best]) for score in scores.values())
    return {"text": text, "label": best, "confidence": round(1 / whole, 2)}


def main():
    model = train(EXAMPLES)
    for line in sys.stdin:
        # Flushed at once: the caller waits for this line. What is not an answer goes to stderr.
        print(json.dumps(label(model, json.loads(line))), flush=True)


main()
