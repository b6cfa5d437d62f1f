"""같은 조각을 한 번만 적음"""
def ngrams(word, low, high):
    text = f"<{word}>"
    return list(dict.fromkeys(text[i:i + n] for n in range(low, high + 1) for i in range(len(text) - n + 1)))
