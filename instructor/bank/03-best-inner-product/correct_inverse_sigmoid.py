"""진짜일 확률을 구해 시그모이드를 거꾸로 풂"""
def best_inner_product(counts, noise, k, w, c):
    real, fake = counts[w, c], k * counts[w].sum() * noise[c]
    p = real / (real + fake)
    return -np.inf if p == 0 else np.log(p / (1 - p))
