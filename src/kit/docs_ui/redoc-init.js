'use strict';

{
    const page = document.getElementById('page');
    const font = 'system-ui, sans-serif'; // its own come from another host
    Redoc.init(page.dataset.openapi, {
        theme: {typography: {fontFamily: font, headings: {fontFamily: font}}},
    }, page);
}
