/** Behind API Gateway and Lambda, requests of more than 6 MB don't reach the service (FRS_CONTRACT_SMALL=1). */
export const takesLargeBodies = process.env.FRS_CONTRACT_SMALL !== '1';
