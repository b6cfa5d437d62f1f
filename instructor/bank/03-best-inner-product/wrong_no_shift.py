"""가짜의 수 k를 잊음(log k를 빼지 않음)"""
def best_inner_product(counts, noise, k, w, c):
    with np.errstate(divide="ignore"):
        return float(np.log(counts[w, c] / (counts[w].sum() * noise[c])))
