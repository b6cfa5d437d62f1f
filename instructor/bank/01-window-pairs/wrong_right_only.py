"""오른쪽 문맥만 셈: 창은 양쪽입니다"""
def window_pairs(tokens, window):
    return [(tokens[i], tokens[j]) for i in range(len(tokens)) for j in range(i + 1, min(len(tokens), i + window + 1))]
