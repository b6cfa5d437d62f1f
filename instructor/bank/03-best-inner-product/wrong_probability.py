"""내적이 아니라 진짜일 확률을 돌려줌"""
def best_inner_product(counts, noise, k, w, c):
    return float(counts[w, c] / (counts[w, c] + k * counts[w].sum() * noise[c]))
