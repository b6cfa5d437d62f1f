"""왼쪽 끝에서 음수 자리가 되어 문장 끝의 낱말을 가져옴"""
def window_pairs(tokens, window):
    found = []
    for i in range(len(tokens)):
        for d in range(1, window + 1):
            found.append((tokens[i], tokens[i - d]))
            if i + d < len(tokens):
                found.append((tokens[i], tokens[i + d]))
    return found
