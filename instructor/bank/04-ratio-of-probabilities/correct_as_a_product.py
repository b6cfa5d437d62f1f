"""나눗셈 셋을 곱 하나로"""
def probability_ratio(counts, i, j, k):
    below = counts[j, k] * counts[i, :].sum()
    if below == 0:
        return float("inf")
    return counts[i, k] * counts[j, :].sum() / below
