"""끝에서 짧게 잘린 조각까지 적음"""
def ngrams(word, low, high):
    text = f"<{word}>"
    return [text[i:i + n] for n in range(low, high + 1) for i in range(len(text))]
