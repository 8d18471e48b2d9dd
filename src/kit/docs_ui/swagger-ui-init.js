'use strict';

{
    const page = document.getElementById('page');
    const absolute = url => new URL(url, document.baseURI);

    // A document without servers is of the one that it comes from; below a proxy's path that is not the host's "/".
    const addServer = () => ({
        statePlugins: {
            spec: {
                wrapActions: {
                    updateJsonSpec: update => api => {
                        const url = absolute(page.dataset.root).pathname.replace(/\/$/, '');
                        update(url && !api.servers ? {...api, servers: [{url}]} : api);
                    },
                },
            },
        },
    });

    window.ui = SwaggerUIBundle({
        url: absolute(page.dataset.openapi).href,
        domNode: page,
        layout: 'BaseLayout',
        deepLinking: true,
        showExtensions: true,
        showCommonExtensions: true,
        oauth2RedirectUrl: absolute(page.dataset.oauth2Redirect).href,
        presets: [SwaggerUIBundle.presets.apis],
        plugins: [addServer],
        validatorUrl: null, // it is another host's
    });
}
