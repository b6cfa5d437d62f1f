"""리스트 내포 한 줄"""
def ngrams(word, low, high):
    text = f"<{word}>"
    return [text[i:i + n] for n in range(low, high + 1) for i in range(len(text) - n + 1)]
