"""앞에서부터 가장 긴 조각을 고름"""
def best_cut(word, log_p):
    pieces, i = [], 0
    while i < len(word):
        for j in range(len(word), i, -1):
            if word[i:j] in log_p:
                pieces.append(word[i:j])
                i = j
                break
        else:
            return []
    return pieces
