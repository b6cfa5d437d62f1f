"""리스트로"""
def smoothed_contexts(context_counts, alpha):
    powers = [float(count) ** alpha for count in context_counts]
    return np.array([power / sum(powers) for power in powers])
