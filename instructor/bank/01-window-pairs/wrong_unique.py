"""같은 쌍을 한 번만 셈: 횟수가 사라집니다"""
def window_pairs(tokens, window):
    return list({(tokens[i], tokens[j]) for i in range(len(tokens)) for j in range(len(tokens)) if 0 < abs(i - j) <= window})
