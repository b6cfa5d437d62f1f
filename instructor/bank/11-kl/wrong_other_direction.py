"""방향을 바꾼 KL(N(0, I)‖q): KL은 대칭이 아닙니다"""
def gaussian_kl(mean, log_variance):
    return np.sum(0.5 * ((1 + mean**2) / np.exp(log_variance) - 1 + log_variance), axis=1)
