"""#(w) 대신 쌍 전체의 수로 나눔"""
def best_inner_product(counts, noise, k, w, c):
    with np.errstate(divide="ignore"):
        return float(np.log(counts[w, c] / (k * counts.sum() * noise[c])))
