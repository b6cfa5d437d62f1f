"""밀어 놓은 문자열을 zip으로 묶음"""
def ngrams(word, low, high):
    text, found = f"<{word}>", []
    for n in range(low, min(high, len(text)) + 1):
        found += ["".join(group) for group in zip(*(text[k:] for k in range(n)))]
    return found
