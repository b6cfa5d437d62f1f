"""가장 긴 조각을 빠뜨림(range의 끝은 들어가지 않음)"""
def ngrams(word, low, high):
    text = f"<{word}>"
    return [text[i:i + n] for n in range(low, high) for i in range(len(text) - n + 1)]
