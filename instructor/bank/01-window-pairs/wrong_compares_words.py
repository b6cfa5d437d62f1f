"""자리 대신 낱말을 비교해 되풀이된 낱말을 빠뜨림"""
def window_pairs(tokens, window):
    n = len(tokens)
    return [(tokens[i], tokens[j]) for i in range(n) for j in range(n) if tokens[i] != tokens[j] and abs(i - j) <= window]
