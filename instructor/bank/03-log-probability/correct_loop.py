"""정답과의 차이만 지수로: −log Σ exp(s' − s_c), 가장 큰 차이를 빼고 더함"""
def log_probability(W, C, w, c):
    gaps = [float(np.dot(row - C[c], W[w])) for row in C]
    largest = max(gaps)
    return -(largest + np.log(sum(np.exp(gap - largest) for gap in gaps)))
