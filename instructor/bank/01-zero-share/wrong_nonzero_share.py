"""거꾸로: 0이 아닌 칸의 비율"""
def zero_share(counts):
    return counts.count_nonzero() / (counts.shape[0] * counts.shape[1])
