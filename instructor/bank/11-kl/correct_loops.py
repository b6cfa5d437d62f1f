"""글과 차원을 하나씩 돌며"""
def gaussian_kl(mean, log_variance):
    result = []
    for means, logs in zip(mean, log_variance):
        total = 0.0
        for m, v in zip(means, logs):
            total += 0.5 * (m * m + np.exp(v) - 1 - v)
        result.append(total)
    return np.array(result)
