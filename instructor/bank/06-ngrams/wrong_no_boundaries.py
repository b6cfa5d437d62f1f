"""경계 표시 <, >를 붙이지 않음"""
def ngrams(word, low, high):
    return [word[i:i + n] for n in range(low, high + 1) for i in range(len(word) - n + 1)]
