/** @type {import('@sveltejs/kit').ServerLoad} */
export const load = ({ locals }) => ({ name: locals.user?.name ?? 'nobody' })
