'use strict';

{
    const page = document.getElementById('page');
    const absolute = url => new URL(url, document.baseURI).href;
    window.ui = SwaggerUIBundle({
        url: absolute(page.dataset.openapi),
        domNode: page,
        layout: 'BaseLayout',
        deepLinking: true,
        showExtensions: true,
        showCommonExtensions: true,
        oauth2RedirectUrl: absolute(page.dataset.oauth2Redirect),
        presets: [SwaggerUIBundle.presets.apis],
        validatorUrl: null, // it is another host's
    });
}
