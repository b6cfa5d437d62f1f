"""모든 두 자리 가운데 거리가 창 안인 것만"""
def window_pairs(tokens, window):
    n = len(tokens)
    return [(tokens[i], tokens[j]) for i in range(n) for j in range(n) if i != j and abs(i - j) <= window]
